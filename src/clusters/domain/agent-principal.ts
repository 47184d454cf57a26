// Who an agent is: its cluster, by its credential alone. No argument of an operation ever says it.

/** The caller of the agents' operations. */
export interface AgentPrincipal {
  readonly kind: 'agent';
  /** The cluster's name. */
  readonly name: string;
  readonly clusterId: bigint;
  /** The cluster's key when the credential was looked up: one that was rebuilt since then has another. */
  readonly publicKey: string;
  readonly validUntil: Date;
  /** Of a socket: when it was opened. Epoch ms, by the clock of the replica that serves it. */
  readonly authenticatedAtMs: number;
}

/** Whether a caller is an agent. */
export function isAgent(
  principal: { readonly kind: string } | null | undefined,
): principal is AgentPrincipal {
  return principal?.kind === 'agent';
}

/** The actor of what an agent does, in activity. */
export function agentActor({ name }: { readonly name: string }): string {
  return `agent:${name}`;
}
