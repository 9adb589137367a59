#!/usr/bin/env bash
# Runs .ci/run on a Debian system that has nothing: a root made by debootstrap, this repository cloned into it.
#
#   tools/bare.sh                      build the root (once), clone HEAD into it, run .ci/run there
#   tools/bare.sh --tree               the same with the work tree as it stands, uncommitted files included
#   tools/bare.sh [--tree] -- COMMAND  run COMMAND in the clone instead
#   tools/bare.sh --fresh ...          build the root anew first; BARE=/tmp/bare says where it lies
#
# Mirrors, certificates and pip's settings are this machine's own: no host is named here.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
root=${BARE:-/tmp/bare}
tree=no
fresh=no
while [ $# -gt 0 ]; do
  case $1 in
    --tree) tree=yes ;;
    --fresh) fresh=yes ;;
    --) shift; break ;;
    *) sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
  esac
  shift
done
[ $# -gt 0 ] || set -- bash .ci/run

[ "$(id -u)" = 0 ] || { echo "bare.sh: needs root, for chroot" >&2; exit 1; }
case $root in /tmp/?*|/var/tmp/?*) ;; *) echo "bare.sh: BARE must lie under /tmp or /var/tmp" >&2; exit 1 ;; esac
command -v debootstrap >/dev/null || { apt-get update; apt-get install -y --no-install-recommends debootstrap; }

# A mark of our own, so that only a root that we built is ever removed.
build() {
  . /etc/os-release
  local mirror
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $VERSION_CODENAME" | head -n 1)
  [ -n "$mirror" ] || { echo "bare.sh: apt knows no mirror for $VERSION_CODENAME (run apt-get update)" >&2; exit 1; }
  mkdir -p "$root"
  touch "$root.ours"
  debootstrap --variant=minbase "$VERSION_CODENAME" "$root" "$mirror" >"$root.log" 2>&1 ||
    { tail -n 20 "$root.log" >&2; exit 1; }
  touch "$root/.complete"
}

# What a site's administrator would have set up: mirrors, certificates, name service, pip's file.
settle() {
  rm -rf "$root/etc/apt"
  cp -a /etc/apt "$root/etc/apt"
  local each
  for each in /etc/ssl/certs /usr/share/ca-certificates /usr/local/share/ca-certificates /usr/share/keyrings; do
    [ -d "$each" ] && mkdir -p "$root$each" && cp -a "$each/." "$root$each/"
  done
  for each in /etc/pip.conf /etc/resolv.conf /etc/hosts; do
    [ -e "$each" ] && cp -L "$each" "$root$each"
  done
  rm -rf "$root/etc/xdg/pip"
  [ ! -d /etc/xdg/pip ] || { mkdir -p "$root/etc/xdg" && cp -a /etc/xdg/pip "$root/etc/xdg/pip"; }
}

lay() {
  rm -rf "$root/work"
  mkdir -p "$root/work"
  git clone --quiet --no-hardlinks "$here" "$root/work/main"
  [ "$tree" = no ] && return
  find "$root/work/main" -mindepth 1 -maxdepth 1 ! -name .git -exec rm -rf {} +
  (cd "$here" && git ls-files -z --cached --others --exclude-standard |
    while IFS= read -r -d '' file; do [ -e "$file" ] && printf '%s\0' "$file"; done |
    tar --null -cf - -T -) | tar -xf - -C "$root/work/main"
}

if [ "$fresh" = yes ] && [ -e "$root.ours" ]; then rm -rf "$root" "$root.ours"; fi
if [ -e "$root" ] && [ ! -e "$root.ours" ]; then echo "bare.sh: $root is not ours" >&2; exit 1; fi
[ -e "$root/.complete" ] || { rm -rf "$root"; build; }
settle
lay

settings=(HOME=/root CI=true LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive
  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
for name in PIP_CERT PIP_INDEX_URL PIP_DEFAULT_TIMEOUT SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE \
  http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
  [ -z "${!name:-}" ] || settings+=("$name=${!name}")
done

# Mounts live in a namespace of their own and go with it; so does every process left behind.
exec unshare --mount --pid --fork --kill-child bash -euc '
  root=$1; shift
  mount --make-rprivate /
  mount -t proc proc "$root/proc"
  mount -t tmpfs -o mode=755 dev "$root/dev"
  for node in null zero full random urandom tty; do touch "$root/dev/$node"; mount --bind "/dev/$node" "$root/dev/$node"; done
  ln -s /proc/self/fd "$root/dev/fd"; ln -s fd/0 "$root/dev/stdin"; ln -s fd/1 "$root/dev/stdout"; ln -s fd/2 "$root/dev/stderr"
  mkdir "$root/dev/shm" "$root/dev/pts"
  mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"; ln -s pts/ptmx "$root/dev/ptmx"
  chroot "$root" /usr/bin/env -i "${@:2:$1}" bash -c "cd /work/main && exec \"\$@\"" bare "${@:$1 + 2}"
' bare "$root" "${#settings[@]}" "${settings[@]}" "$@" </dev/null
