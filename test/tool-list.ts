// The system tools that the tests need.

export interface Tool {
  command: string
  /** Where a tool that is not a command is. */
  folder?: string
  /** The Debian package that contains it. */
  packageName: string
}

export const TOOLS: readonly Tool[] = [
  { command: '7zz', packageName: '7zip' },
  { command: 'unzip', packageName: 'unzip' },
  { command: 'bsdtar', packageName: 'libarchive-tools' },
  { command: 'openssl', packageName: 'openssl' },
  { command: 'curl', packageName: 'curl' },
  { command: 'wget', packageName: 'wget' },
  { command: 'aria2c', packageName: 'aria2' },
  { command: 'chromium-headless-shell', packageName: 'chromium-headless-shell' },
  { command: 'python3', packageName: 'python3' },
  { command: 'xmllint', packageName: 'libxml2-utils' },
  { command: 'buildah', packageName: 'buildah' },
  { command: 'haproxy', packageName: 'haproxy' },
  { command: 'kubectl', packageName: 'kubernetes-client' },
  // `java` compiles a source file only where there is a compiler.
  { command: 'javac', packageName: 'default-jdk-headless' },
  { command: 'pytest', packageName: 'python3-pytest' },
  { command: 'go', packageName: 'golang-go' },
  { command: 'junit-platform-console-standalone.jar', folder: '/usr/share/java', packageName: 'junit5' },
]
