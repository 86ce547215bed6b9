FROM --platform=linux/arm64 a AS b
COPY --from=0 --chown=1:1 --chmod=0755 --link a b
ADD --checksum=sha256:00 --keep-git-dir=true https://example.org/x /x
RUN --mount=type=secret,id=x --network=none --security=sandbox true
HEALTHCHECK --interval=5s --retries=3 CMD curl x
