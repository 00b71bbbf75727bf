# The portal in one image: the same environment that `make run` makes, then only what is needed to serve.
FROM python:3.13-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 DATA_DIR=/data HOST=0.0.0.0 PORT=8000
WORKDIR /app

COPY bin bin
COPY requirements requirements
RUN python3 bin/portal env

COPY . .
RUN useradd --system --home-dir /data --create-home portal
USER portal
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
# whether the process lives: a restart would not bring a database back
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s CMD ["python3", "bin/portal", "healthy"]
# one replica migrates and seeds (`prepare`), every replica serves
CMD ["sh", "-c", "python3 bin/portal prepare && exec python3 bin/portal serve"]
