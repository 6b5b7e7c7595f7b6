import { z } from 'zod'
import { maxExternalChecks, parseExternalChecks } from '../health/system/external-checks.ts'
import { parseIpRange } from '../network/ip.ts'

/**
 * How each kind of setting is read from text. A schema's description says what is expected and ends the sentence
 * "… was given, expected …"; nothing else of zod's own messages is ever shown.
 */

/** A whole number within bounds, both included. */
export function wholeNumber(min: number, max: number, what = 'a whole number') {
  return z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max))
    .describe(`${what}, ${min} to ${max}`)
}

/** A TCP or UDP port; 0 lets the system choose one. */
export const port = wholeNumber(0, 65535, 'a port number (0: any free one)')

export const flag = z
  .stringbool({ truthy: ['true', '1', 'yes', 'on'], falsy: ['false', '0', 'no', 'off'] })
  .describe('true or false')

const secondsPerUnit: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600 }

/** A length of time in seconds, given as a number of seconds or with a unit: `5`, `0.5`, `500ms`, `5s`, `1m`. */
export function seconds(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,9}(?:\.\d{1,6})?(?:ms|s|m|h)?$/)
    .transform((text) => Number.parseFloat(text) * secondsPerUnit[/[a-z]+$/.exec(text)?.[0] ?? 's']!)
    .pipe(z.number().min(min).max(max))
    .describe(`a duration from ${min} s to ${max} s, like 5, 5s, 500ms or 1m`)
}

/** Above 0 and at most 100. */
export const percent = z
  .string()
  .regex(/^\d{1,3}(?:\.\d{1,4})?$/)
  .transform(Number)
  .pipe(z.number().min(0.01).max(100))
  .describe('a share in percent, 0.01 to 100')

/** A factor, 1 being as it should be. */
export const ratio = z
  .string()
  .regex(/^\d{1,2}(?:\.\d{1,4})?$/)
  .transform(Number)
  .pipe(z.number().min(0.01).max(10))
  .describe('a factor, 0.01 to 10')

/** An absolute URL of one of these schemes, as it was given. */
export function url(...schemes: string[]) {
  const listed = schemes.map((scheme) => `${scheme}://`).join(' or ')
  return z
    .string()
    .refine((text) => {
      const parsed = URL.parse(text)
      return parsed !== null && schemes.includes(parsed.protocol.slice(0, -1)) && /^[a-z]+:\/\//i.test(text)
    })
    .describe(`a URL that starts with ${listed}`)
}

/** The address under which people reach the server: no path, query or credentials; answered without a slash at its end. */
export const origin = z
  .string()
  .refine((text) => {
    const parsed = URL.parse(text)
    return (
      parsed !== null && /^https?:$/.test(parsed.protocol) && [`${parsed.origin}/`, parsed.origin].includes(parsed.href)
    )
  })
  .transform((text) => new URL(text).origin)
  .describe('a URL like https://video.example.com, without a path')

export const path = z
  .string()
  .regex(/^[^\0]+$/)
  .describe('a path')

const hostName = /^(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*\.?$/i
const ip = z.union([z.ipv4(), z.ipv6()])
const isAddress = (text: string) => ip.safeParse(text).success || hostName.test(text)

export const address = z.string().refine(isAddress).describe('an IP address or a host name')
export const ipAddress = z
  .string()
  .refine((text) => ip.safeParse(text).success)
  .describe('an IP address')

/** Addresses separated by commas, at most 16. */
export const addresses = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .refine((parts) => parts.length <= 16 && parts.every(isAddress))
  .transform((parts): readonly string[] => Object.freeze(parts))
  .describe('IP addresses or host names separated by commas, at most 16')

/** Two ports, `first-last`, both included. */
export const portRange = z
  .string()
  .regex(/^\d{1,5}-\d{1,5}$/)
  .transform((text) => text.split('-').map(Number) as [number, number])
  .refine(([min, max]) => min >= 1024 && max <= 65535 && max - min >= 99)
  .transform(([min, max]) => Object.freeze({ min, max }))
  .describe('two ports like 20000-25999, from 1024 to 65535 and at least 100 of them')

/** One of these words, whatever its case. */
export function word<const T extends string>(...words: [T, ...T[]]) {
  return z
    .string()
    .toLowerCase()
    .pipe(z.enum(words))
    .describe(`one of ${words.join(', ')}`)
}

const levelAliases: Record<string, string> = { warning: 'warn', critical: 'fatal' }

/** A log level; Python's names for them are understood too. */
export const logLevel = z
  .string()
  .toLowerCase()
  .transform((text) => levelAliases[text] ?? text)
  .pipe(z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']))
  .describe('one of trace, debug, info, warn, error, fatal, silent')

/** A key that fits into an Authorization header. */
export const key = z
  .string()
  .regex(/^[\x21-\x7e]{16,256}$/)
  .describe('16 to 256 visible ASCII characters without spaces')

/** A route of the HTTP server. */
export const route = z
  .string()
  .regex(/^(?:\/[\w.~-]+)+$/)
  .describe('a path like /metrics')

export const name = z
  .string()
  .regex(/^[\w.-]{1,64}$/)
  .describe('1 to 64 letters, digits, dots, dashes or underscores')

/** Things to check, `name=url` each. */
export const externalChecks = z
  .string()
  .transform((text) => parseExternalChecks(text))
  .refine((targets) => targets !== null)
  .transform((targets) => targets!)
  .describe(
    `name=url separated by commas or spaces, at most ${maxExternalChecks}, each an http, https, tcp, rtmp or rtmps URL`,
  )

/** Ranges of addresses separated by commas, at most 64. */
export const ipRanges = z
  .string()
  .transform((text) => text.split(',').map((part) => parseIpRange(part)))
  .refine((ranges) => ranges.length <= 64 && ranges.every((range) => range !== null))
  .transform((ranges) => Object.freeze(ranges.map((range) => range!)))
  .describe('address ranges like 10.0.0.0/8 or ::1 separated by commas, at most 64')

/** Origins separated by commas, at most 64, or `*`. */
export const origins = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .refine(
    (parts) =>
      parts.length <= 64 &&
      (parts.join() === '*' || parts.every((part) => part !== '*' && origin.safeParse(part).success)),
  )
  .transform((parts): readonly string[] =>
    Object.freeze(parts.map((part) => (part === '*' ? part : new URL(part).origin))),
  )
  .describe('origins like https://video.example.com separated by commas, at most 64, or *')

/** 32 bytes, as 43 or 44 characters of base64 (url) or 64 of hex; answered as they were given. */
export const secretKey = z
  .string()
  .regex(/^(?:[A-Za-z0-9+/_-]{43}=?|[0-9a-fA-F]{64})$/)
  .describe('32 bytes in base64 or hex, as openssl rand -base64 32 makes them')

/** A key as above, or the word for one that is gone. */
export const previousSecretKey = z.union([z.literal('lost'), secretKey]).describe(`${secretKey.description}, or lost`)

/** Some text without control characters. */
export const words = z
  .string()
  .regex(/^[^\p{Cc}]{1,512}$/u)
  .describe('1 to 512 characters')
