import { expect, test } from 'vitest'
import type { Caller } from '../../src/caller.ts'
import { createMetricsAccess } from '../../src/http/metrics-access.ts'
import { parseIpRange } from '../../src/network/ip.ts'
import type { Scope } from '../../src/platform/database/tables.ts'

const caller = (projectId: string, ...scopes: Scope[]): Caller => ({
  projectId,
  scopes,
  actor: { kind: 'API_KEY', name: '' },
})
const keys: Record<string, Caller> = {
  operator: caller('first', 'READ'),
  admin: caller('first', 'ADMIN'),
  player: caller('first', 'PLAY'),
  other: caller('second', 'ADMIN'),
}

const access = (allowed: string[] | null) =>
  createMetricsAccess({
    allowed: allowed?.map((text) => parseIpRange(text)!) ?? null,
    identify: async (key) => keys[key]!,
    operatorProjectId: 'first',
  })
const from = (address: string | null, key: string | null = null, isForwarded = false) => ({ address, key, isForwarded })

test.each(['127.0.0.1', '::1', '10.1.2.3', '192.168.1.1', 'fd00::1'])(
  '%s may read them without a key',
  async (address) => {
    await access(null)(from(address))
    await expect(access(null)(from(address, null, true))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    await expect(access(['192.0.2.0/24'])(from(address))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  },
)

test.each(['8.8.8.8', '169.254.1.1', '2001:4860::1', '192.0.2.1', null])('%s may not', async (address) => {
  await expect(access(null)(from(address))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
})

test('from elsewhere the operator may, and no other project', async () => {
  await access(['192.0.2.0/24'])(from('192.0.2.9'))
  await access(null)(from('8.8.8.8', 'operator'))
  await access([])(from('127.0.0.1', 'admin'))
  for (const key of ['player', 'other'])
    await expect(access(null)(from('8.8.8.8', key))).rejects.toMatchObject({ code: 'FORBIDDEN' })
})
