import { expect, test } from 'vitest'
import { settings } from '../../src/config/settings.ts'
import { readConfig } from '../../src/config.ts'
import { meanings, settingOf } from '../../src/health/meanings.ts'
import { healthIssueTypes } from '../../src/health/model.ts'
import { rules } from '../../src/health/rules/index.ts'
import { defaultPolicy } from '../../src/streams/default-policy.ts'
import type { StreamPolicy } from '../../src/streams/policy.ts'

test('every issue has its rule, and every rule its text', () => {
  expect(new Set(rules.map(({ type }) => type))).toEqual(new Set(healthIssueTypes))
  expect(Object.keys(meanings).sort()).toEqual([...healthIssueTypes].sort())
})

test('every threshold of a text has its setting', () => {
  for (const { thresholds } of Object.values(meanings))
    for (const name of thresholds) expect(settingOf).toHaveProperty(name)
})

test.each(Object.entries(settingOf))('%s is set by %s alone', (member, setting) => {
  const before = defaultPolicy(readConfig({}))
  if (setting === null) return expect(before[member as keyof StreamPolicy]).toBe(false)
  const { env, default: text } = settings[setting!]
  const other = text!.replace(/^[\d.]+/, (number) => String(Number(number) === 50 ? 40 : Number(number) * 0.5))
  const after = defaultPolicy(readConfig({ [env]: other }))
  const changed = Object.keys(before).filter(
    (name) => before[name as keyof StreamPolicy] !== after[name as keyof StreamPolicy],
  )
  expect(changed).toEqual([member])
})
