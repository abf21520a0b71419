// The text of /install.sh: a short first part that takes the token out of the process list, and the installer itself
// (agent/install/install.sh) behind the values of this collector.

export type ScriptValues = {
  /** Address of the collector without a slash at the end. */
  collector: string
  /** "sha256//..." for curl's --pinnedpubkey, or empty where the public authorities vouch for it. */
  pin: string
  version: string
  signingKey: string
  /** UTC ms. */
  servedAt: number
  /** Empty for a kind of machine that there is no bundle for. */
  sha256: { x64: string; arm64: string }
  sequence: number
}

const END = 'PANTAU_INSTALL_END'

/** `installer` is the text of agent/install/install.sh. Errors: a value that has a line end, which no setting may have. */
export function installScript(installer: string, values: ScriptValues): string {
  const assignments = Object.entries({
    collector: values.collector,
    pin: values.pin,
    version: values.version,
    sequence: String(values.sequence),
    signing_key: values.signingKey,
    served_at: String(Math.floor(values.servedAt / 1000)),
    sha256_x64: values.sha256.x64,
    sha256_arm64: values.sha256.arm64,
  }).map(([name, value]) => `${name}=${quoted(value)}`)
  return `#!/bin/sh
# Installs the Pantau agent; --help tells more, --dry-run only says what would be done.
# The installer is written to a file first and gets the token by its environment: so half a download does nothing, and
# the token stands in the list of processes for a moment only.
set -eu
umask 077
stage=$(mktemp -d "\${TMPDIR:-/tmp}/pantau-install.XXXXXX")
cat >"$stage/install" <<'${END}'
${assignments.join('\n')}
${installer.trimEnd()}
${END}
begin() {
  left=$#
  while [ "$left" -gt 0 ]; do
    argument=$1
    shift
    left=$((left - 1))
    if [ "$argument" = --token ] && [ "$left" -gt 0 ]; then
      PANTAU_INSTALL_TOKEN=$1
      export PANTAU_INSTALL_TOKEN
      shift
      left=$((left - 1))
    else
      set -- "$@" "$argument"
    fi
  done
  PANTAU_INSTALL_STAGE=$stage
  export PANTAU_INSTALL_STAGE
  exec sh "$stage/install" "$@" </dev/null
}
begin "$@"
`
}

/** As one word of the shell, whatever is in it. */
function quoted(value: string): string {
  if (/[\r\n\0]/.test(value)) throw new Error('a value of the install script has a line end')
  return `'${value.replaceAll("'", "'\\''")}'`
}
