import { badInput } from '../errors.ts'

const maxHoldSeconds = 30 * 86_400
const maxHolderLength = 200

/** How long a place is kept: 1 s to 30 days, in whole seconds. */
export function parseHoldSeconds(value: number, path: string): number {
  if (!Number.isInteger(value) || value < 1 || value > maxHoldSeconds) {
    throw badInput(path, `has to be from 1 to ${maxHoldSeconds} (30 days)`)
  }
  return value
}

/** For whom it is, as its maker calls them: at most 200 characters, no control characters; empty is null. */
export function parseHolder(holder: string | null | undefined, path: string): string | null {
  const text = holder?.trim() ?? ''
  if (text.length > maxHolderLength) throw badInput(path, `longer than ${maxHolderLength} characters`)
  if (/\p{Cc}/u.test(text)) throw badInput(path, 'control characters are not allowed')
  if (!text.isWellFormed()) throw badInput(path, 'is no text')
  return text === '' ? null : text
}
