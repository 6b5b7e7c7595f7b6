import type { types } from 'mediasoup'
import { badInput } from '../../errors.ts'

const fingerprintBytes: Record<types.FingerprintAlgorithm, number> = {
  'sha-1': 20,
  'sha-224': 28,
  'sha-256': 32,
  'sha-384': 48,
  'sha-512': 64,
}

/** A certificate is rarely named in more ways than there are algorithms. */
const maxFingerprints = 8

/**
 * A fingerprint in mediasoup's form, or in words what is wrong with it. mediasoup takes any text for one, and then never
 * connects.
 */
export function readFingerprint(algorithmText: string, hash: string): types.DtlsFingerprint | string {
  const algorithm = algorithmText.toLowerCase() as types.FingerprintAlgorithm
  if (!Object.hasOwn(fingerprintBytes, algorithm)) return 'has a DTLS fingerprint of an unknown algorithm'
  const value = hash.toUpperCase()
  const bytes = fingerprintBytes[algorithm]
  if (!new RegExp(`^[0-9A-F]{2}(:[0-9A-F]{2}){${bytes - 1}}$`).test(value)) {
    return `has a DTLS fingerprint that is no ${algorithm}`
  }
  return { algorithm, value }
}

/** What a player says of its side, checked, fingerprints in one order. Throws BAD_USER_INPUT. */
export function checkedDtlsParameters(input: unknown): types.DtlsParameters & { role: types.DtlsRole } {
  const { role = 'auto', fingerprints } = (input ?? {}) as { role?: unknown; fingerprints?: unknown }
  if (role !== 'auto' && role !== 'client' && role !== 'server') {
    throw badInput('dtlsParameters.role', 'is none of auto, client, server')
  }
  if (!Array.isArray(fingerprints) || fingerprints.length === 0 || fingerprints.length > maxFingerprints) {
    throw badInput('dtlsParameters.fingerprints', `has to be a list of 1 to ${maxFingerprints}`)
  }
  const checked = fingerprints.map((entry: unknown) => {
    const { algorithm, value } = (entry ?? {}) as { algorithm?: unknown; value?: unknown }
    const read = readFingerprint(String(algorithm), String(value))
    if (typeof read === 'string') throw badInput('dtlsParameters.fingerprints', read)
    return read
  })
  return { role, fingerprints: checked.toSorted((a, b) => (fingerprintText(a) < fingerprintText(b) ? -1 : 1)) }
}

/** The same for the same certificate. */
export function fingerprintsKey({ fingerprints }: types.DtlsParameters): string {
  return fingerprints.map(fingerprintText).join(' ')
}

function fingerprintText({ algorithm, value }: types.DtlsFingerprint): string {
  return `${algorithm} ${value}`
}
