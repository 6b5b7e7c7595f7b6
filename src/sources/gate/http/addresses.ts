import type { Role } from './playlist.ts'

/** An address that a playlist names. */
export interface Entry {
  url: URL
  role: Role
  /** The addresses of the lists that led to it, and its own where it is one. */
  ancestors: readonly string[]
  /** Of a list: 1 for the first. */
  depth: number
}

const charactersKept = 16 * 1024 * 1024
/** What an entry takes beside its address. */
const entryCost = 200

/** What the numbers in our addresses stand for: the same address keeps its number, those that were named longest ago go. */
export class Addresses {
  private readonly byKey = new Map<string, number>()
  private readonly byId = new Map<number, { key: string; entry: Entry }>()
  private nextId = 1
  private characters = 0

  add(entry: Entry): number {
    const key = `${entry.role} ${entry.url.href}`
    const known = this.byKey.get(key)
    if (known !== undefined) {
      const kept = this.byId.get(known)!
      this.byId.delete(known)
      this.byId.set(known, kept)
      return known
    }
    const id = this.nextId++
    this.byKey.set(key, id)
    this.byId.set(id, { key, entry })
    this.characters += key.length + entryCost
    while (this.characters > charactersKept) this.forgetOldest()
    return id
  }

  get(id: number): Entry | null {
    return this.byId.get(id)?.entry ?? null
  }

  private forgetOldest(): void {
    const [id, { key }] = this.byId.entries().next().value!
    this.byId.delete(id)
    this.byKey.delete(key)
    this.characters -= key.length + entryCost
  }
}
