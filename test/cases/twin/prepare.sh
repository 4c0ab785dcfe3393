# What a host has before either runner comes.
set -e
mkdir -p /srv/twin/web1 /srv/twin/web2 /srv/twin/db1 /srv/twin/lb1
package=$(mktemp -d)
chmod 755 "$package"
mkdir -p "$package/DEBIAN" "$package/usr/share/nine"
echo 1 > "$package/usr/share/nine/version"
printf '%s\n' 'Package: nine' 'Version: 1.0' 'Architecture: all' 'Maintainer: nobody <nobody@localhost>' 'Description: nothing' > "$package/DEBIAN/control"
dpkg-deb --build "$package" /srv/nine.deb
useradd -m gone
mkdir -p /etc/twin.old/deep
touch /etc/twin.old/a.bak /etc/twin.old/deep/b.bak /etc/twin.old/keep
