#!/bin/sh
# Installs Casebook for the person who runs it, without an administrator:   ./install.sh
# Takes it away again; stores, settings and the demonstration stay:         ./install.sh --uninstall
# 为当前用户安装 Casebook，无需管理员权限：./install.sh
# 卸载（数据库、设置和演示保留不动）：./install.sh --uninstall
#
# Needs: a 64-bit Linux with glibc 2.34 or newer (Debian 12, Ubuntu 22.04, RHEL 9) and a desktop on X11 or Wayland.
# Writes only below the home folder: the program (about 300 MB), a line in the menu, an icon, the command `casebook`.
set -eu

here=$(cd -- "$(dirname -- "$0")" && pwd -P)
data=${XDG_DATA_HOME:-$HOME/.local/share}
program=$HOME/.local/opt/casebook
command=$HOME/.local/bin/casebook
menu=$data/applications/casebook.desktop
icon=$data/icons/hicolor/scalable/apps/casebook.svg

case ${LC_ALL:-${LC_MESSAGES:-${LANG:-}}} in zh*) language=zh ;; *) language=en ;; esac
say() { # ENGLISH CHINESE
  if [ "$language" = zh ]; then printf '%s\n' "$2"; else printf '%s\n' "$1"; fi
}

refresh() { # let the desktop read its menu anew, where it doesn't by itself
  if command -v update-desktop-database > /dev/null; then update-desktop-database -q "$data/applications" || true; fi
}

is_running() { # whether the installed program is in use
  [ -d "$program" ] || return 1 # without it, any other copy would be taken for it
  for each in /proc/[0-9]*/exe; do
    case $(readlink "$each" 2> /dev/null) in "$(readlink -f "$program")"/*casebook) return 0 ;; esac
  done
  return 1
}

if [ "${1:-}" != "" ] && [ "${1:-}" != --uninstall ]; then
  say "usage: $0 [--uninstall]" "用法：$0 [--uninstall]" >&2
  exit 2
fi
if is_running; then
  say "Casebook is running. Close it and start again." "Casebook 正在运行。请关闭后重新执行。" >&2
  exit 3
fi
if [ "${1:-}" = --uninstall ]; then
  if [ -L "$command" ]; then rm -f "$command"; fi
  rm -f "$menu" "$icon"
  rm -rf "$program" "$program.new" "$program.old"
  refresh
  say "Casebook was taken away. Your stores, settings and the demonstration are where they were." \
    "Casebook 已卸载。您的数据库、设置和演示均保留在原处。"
  exit 0
fi

if [ ! -x "$here/casebook" ] || [ ! -d "$here/_internal" ]; then
  say "This script has to stand in the folder of the program. Unpack the archive again." \
    "本脚本须与程序位于同一目录。请重新解压安装包。" >&2
  exit 3
fi
if [ "$here" = "$(readlink -f "$program")" ]; then
  say "This is the installed program itself. Start the script in the unpacked archive." \
    "此处即已安装的程序。请在解压后的安装包目录中执行本脚本。" >&2
  exit 3
fi

# The whole program is copied and started once before it takes the place of the one before.
mkdir -p "$HOME/.local/opt" "$HOME/.local/bin" "$data/applications" "${icon%/*}"
rm -rf "$program.new"
cp -R "$here" "$program.new"
if ! version=$("$program.new/casebook" --version); then
  rm -rf "$program.new"
  say "The program does not start on this computer (see above), so nothing was changed." \
    "程序无法在本机启动（见上），未作任何更改。" >&2
  exit 3
fi
rm -rf "$program.old"
if [ -d "$program" ]; then mv "$program" "$program.old"; fi
mv "$program.new" "$program"
rm -rf "$program.old"
ln -sfn "$program/casebook" "$command"
cp "$program/_internal/resources/icons/casebook.svg" "$icon"

# In a menu entry the characters " ` $ \ of a path are written with a backslash, which itself is written twice; % twice.
quoted=$(printf '%s' "$program/casebook" | sed -e 's/[\\"`$]/\\\\&/g' -e 's/%/%%/g')
cat > "$menu" << ENTRY
[Desktop Entry]
Type=Application
Name=Casebook
GenericName=Clinical trial workstation
GenericName[zh_CN]=临床试验工作站
Comment=Case-report forms, CTCAE grading, audit trail and reports
Comment[zh_CN]=病例报告表、CTCAE 分级、稽查轨迹与报告
Exec="$quoted" %f
Icon=casebook
Terminal=false
Categories=Office;MedicalSoftware;
MimeType=inode/directory;
StartupWMClass=Casebook
ENTRY
refresh
say "Casebook $version is installed. It stands in the menu; in a terminal: $command" \
  "Casebook $version 已安装，可从应用菜单启动；终端命令：$command"
