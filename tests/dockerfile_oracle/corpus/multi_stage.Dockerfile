FROM golang:1 AS build
WORKDIR /s
RUN go build -o /x .
FROM scratch
COPY --from=build /x /x
EXPOSE 80/tcp 443
STOPSIGNAL SIGTERM
MAINTAINER a b
HEALTHCHECK NONE
ENTRYPOINT ["/x"]
