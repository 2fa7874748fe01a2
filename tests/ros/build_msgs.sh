#!/usr/bin/env bash
# Builds msgs/ with ROS 2's own generators (Debian: rosidl-tools, rosidl-generator-c-cpp, python3-ament-index): .msg, .srv and .action -> .idl -> C and C++,
# which a compiler reads. The standard messages that ours contain come from the folder that is given, PACKAGE/msg/NAME.msg, and
# what every action needs.
# In -> out: that folder, a folder to work in -> exit code 0, 77 where the generators are missing, which it says.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
standard=$(cd "$1" && pwd)
mkdir -p "$2"
work=$(cd "$2" && pwd)
python=$(sed -n '1s/^#!//p' "$(command -v rosidl || echo /dev/null)")
if [ -z "$python" ] || ! $python -c 'import ament_index_python, rosidl_generator_c, rosidl_generator_cpp' 2>/dev/null; then
    echo "SKIPPED msgs with the real generators: apt-get install rosidl-tools rosidl-generator-c-cpp python3-ament-index"
    exit 77
fi

# One package: its definitions as IDL, then as C and C++.
build() {
    local package=$1 source=$2
    mkdir -p "$work/idl/$package" "$work/include/c" "$work/include/cpp"
    (cd "$source" && rosidl translate --to idl -o "$work/idl/$package" "$package" $(find msg srv action -name '*.msg' -o -name '*.srv' -o -name '*.action' 2>/dev/null | sort) >/dev/null)
    (cd "$work/idl/$package" && rosidl generate -o "$work/code/$package" -t c -t cpp -I "$work/idl" "$package" $(find . -name '*.idl' -printf '%P\n' | sort) >/dev/null)
    ln -sfn "$work/code/$package/c" "$work/include/c/$package"
    ln -sfn "$work/code/$package/cpp" "$work/include/cpp/$package"
}
for package in "$standard"/*/; do
    build "$(basename "$package")" "$package"
done
build vedette_msgs "$here/../../msgs"

runtime=(-isystem /usr/include/rosidl_runtime_cpp -isystem /usr/include/rosidl_runtime_c -isystem /usr/include/rosidl_typesupport_interface
    -isystem /usr/include/rcutils)
# A compiler reads every header of ours, and the C functions with their sizes and bounds.
for header in "$work"/code/vedette_msgs/cpp/*/*.hpp; do
    echo "#include <vedette_msgs/${header#"$work"/code/vedette_msgs/cpp/}>"
done >"$work/all.cpp"
c++ -std=c++17 -fsyntax-only "${runtime[@]}" -I "$work/include/cpp" "$work/all.cpp"
for source in "$work"/code/vedette_msgs/c/*/detail/*.c; do
    cc -std=c11 -fsyntax-only "${runtime[@]}" -I "$work/include/c" "$source"
done
echo "ok $(wc -l <"$work/all.cpp") interfaces of vedette_msgs built by rosidl"
