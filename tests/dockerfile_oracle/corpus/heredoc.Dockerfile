FROM a
RUN <<EOF
apk add x
FROM this-is-text
EOF
COPY <<one <<two /x/
1
one
2
two
USER y
