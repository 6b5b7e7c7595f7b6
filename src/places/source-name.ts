import { badInput } from '../errors.ts'
import { anyOtherSource } from './model.ts'

const maxLength = 100

/**
 * The name of a source, on whose account somebody watches: 1 to 100 characters, no control characters, space around it cut; not "*", which in a
 * quota stands for all others.
 */
export function parseSourceName(name: string, path: string): string {
  const text = name.trim()
  if (text.length === 0) throw badInput(path, 'must not be empty')
  if (text.length > maxLength) throw badInput(path, `longer than ${maxLength} characters`)
  if (/\p{Cc}/u.test(text)) throw badInput(path, 'control characters are not allowed')
  if (!text.isWellFormed()) throw badInput(path, 'is no text')
  if (text === anyOtherSource) throw badInput(path, `"${anyOtherSource}" stands for all other sources`)
  return text
}
