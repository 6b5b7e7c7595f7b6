import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

/** The lines of one service of docker-compose.yml. */
function service(name: string): string {
  const all = read('docker-compose.yml')
    .split(/^services:\n/m)[1]!
    .split(/^volumes:/m)[0]!
  return all.split(/^(?= {2}\w)/m).find((text) => text.startsWith(`  ${name}:`))!
}

describe('the container', () => {
  it('runs as an ordinary user, named by number, with nothing of its own that this user could change', () => {
    const last = read('Dockerfile')
      .split(/^FROM /m)
      .at(-1)!
    expect(last.match(/^USER .*/gm)).toEqual(['USER 1000:1000'])
    for (const [line] of last.slice(0, last.indexOf('\nUSER')).matchAll(/chown .*/g))
      expect(line).toMatch(/^chown -R 1000:1000 \/var\/lib\/weir /)
    expect(last).not.toMatch(/^COPY .*--chown/m)
  })

  it('has in Compose a read-only root, no capability, no way to a new one, and bounds', () => {
    const weir = service('weir')
    for (const line of [
      'read_only: true',
      'cap_drop: [ALL]',
      'security_opt: ["no-new-privileges:true"]',
      'user: "1000:1000"',
      'pids_limit: ',
    ])
      expect(weir).toContain(`    ${line}`)
    expect(weir).toMatch(/tmpfs:\n {6}- \/tmp:\S*nosuid,nodev,noexec/)
    expect(weir).not.toMatch(/privileged|cap_add|network_mode: host|docker\.sock/)
    for (const name of ['postgres', 'valkey']) expect(service(name)).toContain('no-new-privileges:true')
  })

  it('has no secret with a default', () => {
    for (const [, name, rest] of read('docker-compose.yml').matchAll(/\$\{([A-Z_]*(?:PASSWORD|KEY))(:[^}]*)?\}/g))
      expect(rest, name).toMatch(name === 'SECRET_KEY' ? /^:-$/ : /^:\?/)
  })

  it('gets nothing but what it is made of: no settings, no keys, no history', () => {
    const [first, ...taken] = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
    expect(first).toBe('*')
    expect(taken.every((line) => /^!(?:package(?:-lock)?\.json|\.npmrc|drizzle|schema|scripts|src)$/.test(line))).toBe(
      true,
    )
  })
})
