# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
# An authorization plugin in a few lines: answers one request of the engine on stdin and stdout. It refuses containers that ask to be
# privileged and allows the rest. Run by "busybox nc -ll -e", once for each connection.
# Protocol: https://docs.docker.com/engine/extend/plugins_authorization/

answer() {
  printf 'HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.plugins.v1.1+json\r\nContent-Length: %s\r\nConnection: close\r\n\r\n%s' "${#1}" "$1"
}

return_char=$(printf '\r')
read -r _ path _
length=0
while read -r line; do
  line=${line%"$return_char"}
  case $line in
    '') break ;;
    [Cc]ontent-[Ll]ength:*) length=${line##* } ;;
  esac
done
case $path in
  */Plugin.Activate) answer '{"Implements":["authz"]}' ;;
  */AuthZPlugin.AuthZReq)
    if head -c "$length" | sed -n 's/.*"RequestBody":"\([^"]*\)".*/\1/p' | base64 -d 2>/dev/null | grep -q '"Privileged":true'; then
      answer '{"Allow":false,"Msg":"privileged containers are refused in this lab"}'
    else
      answer '{"Allow":true}'
    fi ;;
  *)
    head -c "$length" >/dev/null
    answer '{"Allow":true}' ;;
esac
