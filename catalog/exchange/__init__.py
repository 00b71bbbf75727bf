"""Reading and writing other formats, a format a module."""
