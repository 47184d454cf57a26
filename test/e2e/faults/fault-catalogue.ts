// Every way in which the path from hub to cluster is broken on purpose, and what has to hold after it. Each case is
// proved by one test, which names it by its key; docs/faults.md is this list with what the last run found.

/** One way to break it. `fault`: what is done. `holds`: what the test shows afterwards. */
export interface FaultCase {
  readonly fault: string;
  readonly holds: string;
}

const cases = <const Key extends string>(named: Record<Key, readonly [fault: string, holds: string]>) =>
  Object.fromEntries(
    Object.entries<readonly [string, string]>(named).map(([key, [fault, holds]]) => [key, { fault, holds }]),
  ) as Record<Key, FaultCase>;

/** By chapter; keys are unique in all of them. */
export const faultCatalogue = {
  'Away and back': cases({
    'agent-away-objects-changed': [
      'the agent is down while its objects are deleted, and one is made anew by hand with other content',
      'after its start all objects are as released and carry its label; nothing else was touched',
    ],
    'hub-killed-after-deletion': [
      'the hub is killed at once after an application was deleted, and is away for a while',
      'nothing is removed meanwhile; afterwards exactly its objects are gone, and the hub has buried the instance',
    ],
    'link-down-create-update-delete': [
      'the link is down while one application is made, one changed and one deleted',
      'afterwards the new one runs, the changed one is changed, and the deleted one alone is gone',
    ],
    'link-down-delete-recreate': [
      'an application is deleted and made again under the same name while the link is down',
      'the new instance runs with its own identity, and the old one’s tombstone takes nothing of it away',
    ],
    'both-restart': [
      'hub and agent are killed at one moment in the middle of a rollout, and started again',
      'the rollout arrives; nothing is applied that was not released',
    ],
    'hub-restart': [
      'the hub is killed and started again while nothing changes',
      'no object is written or deleted, and the cluster is ONLINE again',
    ],
    'ten-minutes': [
      'link and clocks: ten minutes pass without the hub, and a release is made in them',
      'the cluster is OFFLINE meanwhile, the agent heals, and then the release arrives',
    ],
    'week-without-hub': [
      'link and clocks: a week passes without the hub; the credential expires in it',
      'the agent heals all the time, is not locked out, needs no new token, and catches up',
    ],
    'credential-expired': [
      'the credential is expired at the hub while the agent believes in it',
      'the agent renews it by its key and goes on; nobody has to do anything',
    ],
  }),
  'A hub that remembers something else': cases({
    'backup-restored': [
      'the hub’s database is replaced by its own backup from before the last release and the last application',
      'nothing is deleted; the application that the backup knows is followed to what it says, the other is left alone, named ORPHANED, and shown on its cluster',
    ],
    'database-empty': [
      'the hub comes back with an empty database',
      'nothing is deleted, the agent goes on healing and says that the hub does not know its cluster',
    ],
  }),
  Messages: cases({
    'answers-lost': [
      'the first answer to every kind of request is lost on its way: join, hello, assignments, digest, health rules, bundle, report, orphans, renewal',
      'the cluster joins once, the release arrives, its report is stored once',
    ],
    'requests-doubled': [
      'every request reaches the hub twice',
      'end state, events and counts are those of the undisturbed run',
    ],
    'reports-reordered': [
      'a report is held back until after the one that follows it',
      'the later one stays: the hub never shows an older state again',
    ],
    'answers-late': [
      'every answer comes seconds late, and an old list of assignments comes after a newer one was read',
      'the newest release runs; nothing goes back to an older one',
    ],
    'answers-truncated': [
      'every first answer of each kind ends in the middle, bundles too',
      'nothing half is applied, and each is asked for again',
    ],
    'doorbell-cut': [
      'what the doorbell says is cut into single bytes, then doubled, then turned into nonsense',
      'the release arrives all the same, by the bell or by asking',
    ],
    'status-storm': [
      'one instance changes its state without end',
      'another instance’s assignment is applied and reported meanwhile',
    ],
    'queue-full': [
      'the hub takes no reports while twelve instances change again and again',
      'the agent keeps one report for each instance, and the last state of each arrives',
    ],
    'doorbell-storm': [
      'the bell rings thousands of times within seconds',
      'rings merge: the agent asks a few times, and misses nothing',
    ],
  }),
  'The network': cases({
    'link-slow': [
      'every request takes three seconds longer',
      'the cluster stays ONLINE and the release arrives',
    ],
    'link-half-open': [
      'connections carry nothing any more and are not closed',
      'the hub calls the cluster STALE, the agent notices by itself, connects anew and catches up',
    ],
    'link-flapping': [
      'connections break every few hundred milliseconds for ten seconds',
      'the release arrives, and the hub has one session more for each agent process, not for each connection',
    ],
  }),
  Clocks: cases({
    'agent-clock-ahead': [
      'the agent’s clock is three days ahead',
      'it joins, connects, applies and renews; no message of it is refused for its time',
    ],
    'agent-clock-behind': [
      'the agent’s clock is three days behind',
      'it joins, connects, applies and renews; no message of it is refused for its time',
    ],
  }),
  'Two of one': cases({
    'two-agents': [
      'a second agent of the same cluster is started',
      'the first stops with a code and a sentence of its own; one goes on and the state is right',
    ],
    'rebuilt-cluster': [
      'a cluster is made anew under the same name while the old one still runs',
      'without consent it is refused and told why; with a token that replaces it, it gets everything and the old agent is let in no more',
    ],
    'cluster-revoked': [
      'a cluster is revoked while its agent works',
      'the agent stops at once and says why; what runs stays; no later start is let in',
    ],
    'cluster-deleted': [
      'a cluster is deleted at the hub while its agent is away',
      'the agent is refused by name; what runs stays',
    ],
  }),
  'kill -9': cases({
    'kill-hub-requests': [
      'the hub is killed at each request of the agent during a rollout: before it is handled, and again after it was, before the answer',
      'the end state is that of the undisturbed run',
    ],
    'kill-hub-events': [
      'the hub is killed as soon as each event of a rollout is recorded',
      'the end state is that of the undisturbed run',
    ],
    'kill-agent-requests': [
      'the agent is killed at each request to its API server during a rollout, the step between inventory and apply among them: before it is sent on, and again when it was',
      'the end state is that of the undisturbed run: nothing lost, nothing orphaned',
    ],
    'kill-agent-hub': [
      'the agent is killed at its first request of each kind to the hub, the join among them: before the hub had it, and again when it had',
      'one cluster joined by one use of its token; releases 1 and 2 arrive, and what is recorded is that of the undisturbed run',
    ],
    'kill-agent-removal': [
      'the agent is killed at each request to its API server while an application is removed',
      'all its objects and its inventory are gone in the end, and no other object',
    ],
    'kill-postgres': [
      'Postgres is killed as soon as each event of a rollout is recorded, and comes back',
      'the hub goes on by itself, and the end state is that of the undisturbed run',
    ],
    'kill-redis': [
      'the Redis that two replicas of the hub share is killed, and comes back without its data',
      'meanwhile the agent heals and both replicas answer; afterwards releases arrive by themselves, and an agent’s silence is told',
    ],
  }),
  'The API server': cases({
    'api-restart': [
      'a real API server is killed in the middle of a rollout and comes back',
      'the agent goes on by itself: the release arrives, drift is healed',
    ],
    'api-gone': [
      'watches are cut, objects change, and the API server, restarted, does not know the old versions any more (410 Gone)',
      'the agent lists again and heals what changed in between',
    ],
    'api-410-storm': [
      'every watch is answered with 410 Gone for a while',
      'the agent does not ask without pause, and heals afterwards',
    ],
    'watch-flood': [
      'thousands of changes of objects that belong to nobody pass through the watches of the agent’s kinds',
      'drift of its own object is healed meanwhile, and its memory stays within its limit',
    ],
    'api-link-flapping': [
      'connections between agent and API server break again and again during a rollout',
      'the release arrives; no object is lost or doubled',
    ],
  }),
  Sizes: cases({
    'bundle-5-mb': [
      'a release of 5 MB',
      'is delivered, applied and healthy; a broken download is asked for again',
    ],
    'bundle-50-mb': [
      'a release of 50 MB',
      'is delivered, applied and healthy; the hub answers others meanwhile',
    ],
    'objects-2000': [
      '2,000 objects in one instance, and then a release that changes half of them and removes some',
      'all are there, exactly the removed ones are gone, and a deleted one comes back',
    ],
  }),
  Isolation: cases({
    'foreign-id': [
      'an agent renews with another cluster’s id, signed by its own key',
      'it gets no credential, and the hub logs it with the cluster’s name',
    ],
    'foreign-bundle': [
      'an agent asks for a bundle that is assigned to another cluster',
      'it gets the same answer as for one that does not exist, and the hub logs it',
    ],
    'foreign-report': [
      'an agent reports another cluster’s instance, and says that it removed one',
      'the verdict is STALE, nothing changes, and the hub logs it',
    ],
    'foreign-instruction': [
      'an agent acknowledges another cluster’s instruction',
      'it stays open for its own cluster, and the hub logs it',
    ],
    'foreign-doorbell': [
      'an agent listens at the doorbell while another cluster’s assignments change, and asks for its pages by cursor',
      'it hears nothing and reads nothing of the other',
    ],
    'agent-asks-as-person': [
      'an agent asks for people’s operations with its credential, and a person for agents’',
      'each is refused by name and logged',
    ],
  }),
  Secrets: cases({
    'secrets-nowhere': [
      'marked values are planted in a released Secret, a repository’s password and SSH key, the hub’s own key, a webhook’s secret, join, admin and person’s tokens and the agent’s credential; the Secret is then changed by hand and refused by the API server',
      'none is found in a dump of the database (encrypted bundles aside), in the logs of hub and agent, in answers of the API, in events and errors, in process arguments',
    ],
  }),
} as const;

/** The key of one case. */
export type FaultKey = {
  [Chapter in keyof typeof faultCatalogue]: keyof (typeof faultCatalogue)[Chapter];
}[keyof typeof faultCatalogue];

/** All of them, in their order. */
export const allFaults: readonly (FaultCase & { readonly key: string; readonly chapter: string })[] =
  Object.entries(faultCatalogue).flatMap(([chapter, named]) =>
    Object.entries<FaultCase>(named).map(([key, one]) => ({ key, chapter, ...one })),
  );
