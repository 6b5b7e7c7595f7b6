import { type Setting, settings } from './settings.ts'

const all: readonly Setting[] = Object.values(settings)
const groups = [...new Set(all.map((setting) => setting.group))]
const inGroup = (group: string) => all.filter((setting) => setting.group === group)

/** The settings for a terminal 100 columns wide, grouped and aligned. */
export function formatHelp(): string {
  const nameWidth = Math.max(...all.map(({ env }) => env.length))
  const indent = ' '.repeat(nameWidth + 4)
  const entry = (setting: Setting) => {
    const lines = wrap(`${setting.meaning} ${defaultNote(setting)}`, 100 - indent.length)
    return `  ${setting.env.padEnd(nameWidth)}  ${lines.join(`\n${indent}`)}`
  }
  return `${[
    'Usage: npm start -- [--help]',
    'Settings are read from the environment and from a file .env; the environment wins.',
    ...groups.map((group) => [`${group}:`, ...inGroup(group).map(entry)].join('\n')),
  ].join('\n\n')}\n`
}

/** docs/settings.md */
export function formatSettingsPage(): string {
  const row = (setting: Setting) =>
    `| \`${setting.env}\` | ${setting.default === null ? '' : `\`${setting.default}\``} | ${cell(setting)} |`
  return `${[
    '# Settings',
    'Made by `npm run docs` from `src/config/settings.ts`: change it there.',
    'Settings are read from the environment and from a file `.env` in the working directory; the environment wins. An\nempty value counts as not set. A bad one stops the start, which names every bad one at once. `npm start -- --help`\nprints this list.',
    ...groups.flatMap((group) => [
      `## ${group}`,
      ['| setting | default | meaning |', '| --- | --- | --- |', ...inGroup(group).map(row)].join('\n'),
    ]),
  ].join('\n\n')}\n`
}

/** .env.example: every setting, commented out, with its default. */
export function formatEnvExample(): string {
  const entry = (setting: Setting) =>
    [
      ...wrap(`${setting.meaning} ${unsetNote(setting)}`.trim(), 98).map((line) => `# ${line}`),
      `#${setting.env}=${setting.default ?? ''}`,
    ].join('\n')
  return `${[
    '# Copy to .env and change what you need. Made by `npm run docs` from src/config/settings.ts.',
    ...groups.map((group) => [`# --- ${group} ---`, ...inGroup(group).map(entry)].join('\n')),
  ].join('\n\n')}\n`
}

function cell(setting: Setting): string {
  const parts = [setting.meaning, unsetNote(setting), `Expected: ${setting.schema.description}.`]
  if (setting.secret) parts.push('A secret: shown nowhere.')
  return parts.filter(Boolean).join(' ').replaceAll('|', '\\|')
}

const unsetNote = (setting: Setting) => (setting.unset ? `Not set: ${setting.unset}.` : '')
const defaultNote = (setting: Setting) => (setting.default === null ? `[${setting.unset}]` : `[${setting.default}]`)

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  for (const part of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + part.length <= width) lines[lines.length - 1] = `${last} ${part}`
    else lines.push(part)
  }
  return lines
}
