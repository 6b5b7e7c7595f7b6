import type { types } from 'mediasoup'

/** What a player may send as its capabilities, as JSON. Chromium's are about 10 KB. */
export const maxCapabilitiesBytes = 64 * 1024
const maxCodecs = 200
const maxExtensions = 200
const maxParameters = 50
const maxFeedback = 30
const maxStringLength = 256

const directions = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const

/**
 * A player's RTP capabilities, checked member by member: what is returned holds what mediasoup knows and nothing else, so that no input gets further
 * than this, however it is made. Throws an Error that names the place.
 */
export function readRtpCapabilities(value: unknown): types.RtpCapabilities {
  const { codecs, headerExtensions } = asObject(value, '')
  const read = {
    codecs: asList(codecs ?? [], 'codecs', maxCodecs).map((codec, index) => readCodec(codec, `codecs.${index}`)),
    headerExtensions: asList(headerExtensions ?? [], 'headerExtensions', maxExtensions).map((extension, index) =>
      readExtension(extension, `headerExtensions.${index}`),
    ),
  }
  if (JSON.stringify(read).length > maxCapabilitiesBytes) refuse('', `at most ${maxCapabilitiesBytes} bytes`)
  return read
}

function readCodec(value: unknown, path: string): types.RtpCodecCapability {
  const codec = asObject(value, path)
  const mimeType = asString(codec.mimeType, `${path}.mimeType`)
  const kind = /^(audio|video)\/[\w.+-]+$/i.exec(mimeType)?.[1]?.toLowerCase()
  if (kind !== 'audio' && kind !== 'video') refuse(`${path}.mimeType`, 'must be audio/… or video/…')
  const { channels, parameters, rtcpFeedback } = codec
  return {
    kind,
    mimeType,
    preferredPayloadType: asInteger(codec.preferredPayloadType, `${path}.preferredPayloadType`, 0, 127),
    clockRate: asInteger(codec.clockRate, `${path}.clockRate`, 1, 1_000_000),
    ...(kind === 'audio' && channels != null ? { channels: asInteger(channels, `${path}.channels`, 1, 255) } : {}),
    parameters: readParameters(parameters ?? {}, `${path}.parameters`),
    rtcpFeedback: asList(rtcpFeedback ?? [], `${path}.rtcpFeedback`, maxFeedback).map((each, index) => {
      const place = `${path}.rtcpFeedback.${index}`
      const { type, parameter } = asObject(each, place)
      return {
        type: asString(type, `${place}.type`),
        ...(parameter == null ? {} : { parameter: asString(parameter, `${place}.parameter`, 0) }),
      }
    }),
  }
}

/** Names of the format's parameters: mediasoup takes strings and numbers, `apt` as a number alone. */
function readParameters(value: unknown, path: string): Record<string, string | number> {
  const entries = Object.entries(asObject(value, path))
  if (entries.length > maxParameters) refuse(path, `at most ${maxParameters}`)
  return Object.fromEntries(
    entries.map(([name, each]) => {
      const place = `${path}.${name.slice(0, maxStringLength)}`
      if (!/^[\w-]{1,64}$/.test(name) || name === '__proto__') refuse(place, 'no name of a parameter')
      if (typeof each === 'number' && Number.isFinite(each)) return [name, each]
      if (name === 'apt') refuse(place, 'must be a number')
      return [name, asString(each, place, 0)]
    }),
  )
}

function readExtension(value: unknown, path: string): types.RtpHeaderExtension {
  const { kind, uri, preferredId, preferredEncrypt, direction } = asObject(value, path)
  if (kind !== 'audio' && kind !== 'video') refuse(`${path}.kind`, 'must be audio or video')
  if (preferredEncrypt != null && typeof preferredEncrypt !== 'boolean')
    refuse(`${path}.preferredEncrypt`, 'must be true or false')
  const known = directions.find((each) => each === direction)
  if (direction != null && !known) refuse(`${path}.direction`, `must be one of ${directions.join(', ')}`)
  return {
    kind,
    uri: asString(uri, `${path}.uri`) as types.RtpHeaderExtensionUri,
    preferredId: asInteger(preferredId, `${path}.preferredId`, 1, 255),
    ...(preferredEncrypt == null ? {} : { preferredEncrypt }),
    ...(known ? { direction: known } : {}),
  }
}

function refuse(path: string, message: string): never {
  throw new Error(path === '' ? message : `${path}: ${message}`)
}

function asObject(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(path, 'must be an object')
  return value as Record<string, unknown>
}

function asList(value: unknown, path: string, limit: number): unknown[] {
  if (!Array.isArray(value)) refuse(path, 'must be a list')
  if (value.length > limit) refuse(path, `at most ${limit}`)
  return value
}

function asString(value: unknown, path: string, minLength = 1): string {
  if (typeof value !== 'string' || value.length < minLength || value.length > maxStringLength)
    refuse(path, `must be a string of ${minLength} to ${maxStringLength} characters`)
  return value
}

function asInteger(value: unknown, path: string, min: number, max: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max)
    refuse(path, `must be a whole number from ${min} to ${max}`)
  return value
}
