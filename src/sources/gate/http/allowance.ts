import { type Budget, newBudget, pieceBytes, refill, requestsBeforeMedia, spend } from './budget.ts'

const hostsKept = 64
/** All hosts together: names cost their owner nothing. */
const allRequests = 4 * requestsBeforeMedia

/** The requests of one source, host by host. A host is an address: many names may be one machine. */
export class Allowance {
  private readonly hosts = new Map<string, Budget>()
  private readonly now: () => number
  private all: Budget
  private bytes = 0

  /** `now`: ms, only ever forward. */
  constructor(now: () => number) {
    this.now = now
    this.all = newBudget(now(), allRequests)
  }

  /** False where no request may be made any more. */
  take(host: string): boolean {
    const all = spend(this.all)
    const one = spend(this.hosts.get(host) ?? newBudget(this.now()))
    if (!all || !one) return false
    this.all = all
    this.hosts.delete(host)
    this.hosts.set(host, one)
    // Who fills it has used up what all hosts have together long before.
    if (this.hosts.size > hostsKept) this.hosts.delete(this.hosts.keys().next().value!)
    return true
  }

  /** So many bytes of media have come from it. */
  flowed(host: string, bytes: number): void {
    this.bytes += bytes
    if (this.bytes < pieceBytes) return
    this.bytes = 0
    const at = this.now()
    this.all = refill(this.all, at, allRequests)
    for (const [name, budget] of this.hosts) if (name === host) this.hosts.set(name, refill(budget, at))
  }
}
