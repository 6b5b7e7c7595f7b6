import { badInput } from '../errors.ts'

const maxNameLength = 200
const maxLabels = 50
const maxLabelKeyLength = 63
const maxLabelValueLength = 256

/** A name: 1 to 200 characters, no control characters, space around it cut. */
export function parseName(name: string, path: string): string {
  const text = name.trim()
  if (text.length === 0) throw badInput(path, 'must not be empty')
  if (text.length > maxNameLength) throw badInput(path, `longer than ${maxNameLength} characters`)
  if (/\p{Cc}/u.test(text)) throw badInput(path, 'control characters are not allowed')
  return text
}

/** Labels: at most 50, texts by short names. */
export function parseLabels(labels: unknown, path: string): Record<string, string> {
  if (labels === null || labels === undefined) return {}
  if (typeof labels !== 'object' || Array.isArray(labels)) throw badInput(path, 'has to be an object of texts')
  const entries = Object.entries(labels)
  if (entries.length > maxLabels) throw badInput(path, `more than ${maxLabels} labels`)
  for (const [key, value] of entries) {
    if (!/^[\w.\-/]+$/.test(key) || key.length > maxLabelKeyLength) {
      throw badInput(
        `${path}.${key.slice(0, maxLabelKeyLength)}`,
        `a label's name is 1 to ${maxLabelKeyLength} of A-Z a-z 0-9 _ . - /`,
      )
    }
    if (typeof value !== 'string' || value.length > maxLabelValueLength || value.includes('\0')) {
      throw badInput(`${path}.${key}`, `a label's value is a text of at most ${maxLabelValueLength} characters`)
    }
  }
  return Object.fromEntries(entries)
}

/** A bound on consumers: null is none. */
export function parseMaxConsumers(value: number | null | undefined, path: string): number | null {
  if (value === null || value === undefined) return null
  if (!Number.isInteger(value) || value < 1 || value > 1_000_000) throw badInput(path, 'has to be from 1 to 1,000,000')
  return value
}
