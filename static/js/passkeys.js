// What went wrong with a passkey, said on the page instead of in the console.
const place = document.querySelector("[data-passkey-problem]");
const WORDS = {
  NotAllowedError: "Nothing was done: the browser's question was closed, or it took too long. You can try again.",
  InvalidStateError: "This passkey is set up for your account already.",
  SecurityError: location.hostname === "localhost" || location.protocol === "https:"
    ? "The browser refuses passkeys at this address."
    : `Passkeys need a name instead of a number in the address. On your own machine open http://localhost:${location.port || 80}/ instead.`,
};
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const { exception } = event.detail;
  const known = window.PublicKeyCredential ? WORDS[exception.name] : "This browser offers no passkeys at this address. An authenticator app works everywhere.";
  place.textContent = known || `The passkey did not work: ${exception.message}`;
  place.hidden = false;
});
