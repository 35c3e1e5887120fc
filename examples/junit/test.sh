#!/usr/bin/env bash
# Compiles and runs the tests with a JDK and Debian's package junit5 alone. With Maven: mvn test.
set -euo pipefail

jars=/usr/share/java
classes=$(mktemp -d)
trap 'rm -rf "$classes"' EXIT
javac -d "$classes" -cp "$jars/junit-jupiter-api.jar:$jars/apiguardian-api.jar" src/main/java/*.java src/test/java/*.java
java -jar "$jars/junit-platform-console-standalone.jar" --class-path "$classes" --scan-class-path --disable-banner --fail-if-no-tests
