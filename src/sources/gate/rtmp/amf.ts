/** AMF0 values as commands hold them. An object's members are in their order. */
export type Amf = number | boolean | string | null | undefined | { members: [string, Amf][]; isArray: boolean }

export class AmfError extends Error {}

const types = { number: 0, boolean: 1, string: 2, object: 3, null: 5, undefined: 6, array: 8, end: 9, longString: 12 }
const deepest = 8

/** All values of a command. Throws AmfError for what is none or of a type that commands to a server have no use for. */
export function decodeAmf(bytes: Buffer): Amf[] {
  let at = 0
  const need = (count: number) => {
    if (at + count > bytes.length) throw new AmfError('cut off')
    at += count
    return at - count
  }
  const text = (length: number) => {
    const from = need(length)
    return bytes.toString('utf8', from, from + length)
  }
  const value = (depth: number): Amf => {
    const type = bytes[need(1)]
    if (type === types.number) return bytes.readDoubleBE(need(8))
    if (type === types.boolean) return bytes[need(1)] !== 0
    if (type === types.string) return text(bytes.readUInt16BE(need(2)))
    if (type === types.longString) return text(bytes.readUInt32BE(need(4)))
    if (type === types.null) return null
    if (type === types.undefined) return undefined
    if (type !== types.object && type !== types.array) throw new AmfError('a type that is not known')
    if (depth >= deepest) throw new AmfError('too deep')
    if (type === types.array) need(4)
    const members: [string, Amf][] = []
    for (;;) {
      const name = text(bytes.readUInt16BE(need(2)))
      if (name === '' && bytes[at] === types.end) {
        need(1)
        return { members, isArray: type === types.array }
      }
      members.push([name, value(depth + 1)])
    }
  }
  const values: Amf[] = []
  while (at < bytes.length) values.push(value(0))
  return values
}

export function encodeAmf(values: readonly Amf[]): Buffer {
  return Buffer.concat(values.map(encoded))
}

function encoded(value: Amf): Buffer {
  if (value === null) return Buffer.from([types.null])
  if (value === undefined) return Buffer.from([types.undefined])
  if (typeof value === 'boolean') return Buffer.from([types.boolean, value ? 1 : 0])
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(9)
    bytes.writeDoubleBE(value, 1)
    return bytes
  }
  if (typeof value === 'string') {
    const length = Buffer.byteLength(value)
    if (length <= 0xffff) return Buffer.concat([Buffer.from([types.string]), name(value)])
    const head = Buffer.from([types.longString, 0, 0, 0, 0])
    head.writeUInt32BE(length, 1)
    return Buffer.concat([head, Buffer.from(value)])
  }
  const head = Buffer.from(value.isArray ? [types.array, 0, 0, 0, 0] : [types.object])
  if (value.isArray) head.writeUInt32BE(value.members.length, 1)
  const members = value.members.flatMap(([key, member]) => [name(key), encoded(member)])
  return Buffer.concat([head, ...members, Buffer.from([0, 0, types.end])])
}

function name(text: string): Buffer {
  const bytes = Buffer.from(text)
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}

/** With every string in it, at any depth, through `change`; names of members stay. */
export function mapStrings(value: Amf, change: (text: string) => string): Amf {
  if (typeof value === 'string') return change(value)
  if (typeof value !== 'object' || value === null) return value
  return { ...value, members: value.members.map(([key, member]) => [key, mapStrings(member, change)]) }
}
