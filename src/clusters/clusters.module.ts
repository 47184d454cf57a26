// Owns enrolled clusters: how they join, who their agents are, their labels, and whether they are there.
import { Module, type OnModuleInit } from '@nestjs/common';
import { Authenticators } from '../platform/graphql/authenticators.ts';
import { AgentAuthenticator } from './agent-authenticator.ts';
import { ClusterCommands } from './cluster-commands.ts';
import { ClusterCredentialStore } from './cluster-credential-store.ts';
import { ClusterCredentials } from './cluster-credentials.ts';
import { ClusterDeletionCommands } from './cluster-deletion-commands.ts';
import { ClusterEvents } from './cluster-events.ts';
import { ClusterFeed } from './cluster-feed.ts';
import { ClusterQueries } from './cluster-queries.ts';
import { ClusterSockets } from './cluster-sockets.ts';
import { ClusterStore } from './cluster-store.ts';
import { ClusterProcessor } from './cluster.processor.ts';
import { ConnectionAnnouncements } from './connection-announcements.ts';
import { EnrolmentCommands } from './enrolment-commands.ts';
import { Enrolments } from './enrolments.ts';
import { FleetChanges } from './fleet-changes.ts';
import { FleetLock } from './fleet-lock-port.ts';
import { AgentResolver } from './graphql/agent.resolver.ts';
import { ClusterResolver } from './graphql/cluster.resolver.ts';
import { JoinTokenResolver } from './graphql/join-token.resolver.ts';
import { Hearing } from './hearing-port.ts';
import { JoinTokenCommands } from './join-token-commands.ts';
import { JoinTokenQueries } from './join-token-queries.ts';
import { JoinTokenStore } from './join-token-store.ts';
import { LastSeen } from './last-seen.ts';
import { PrismaClusterCredentialStore } from './prisma-cluster-credential-store.ts';
import { PrismaClusterStore } from './prisma-cluster-store.ts';
import { PrismaFleetLock } from './prisma-fleet-lock.ts';
import { PrismaHearing } from './prisma-hearing.ts';
import { PrismaJoinTokenStore } from './prisma-join-token-store.ts';
import { PrismaSessionStore } from './prisma-session-store.ts';
import { RenewalCommands } from './renewal-commands.ts';
import { SessionCommands } from './session-commands.ts';
import { SessionStore } from './session-store.ts';

@Module({
  providers: [
    { provide: ClusterStore, useClass: PrismaClusterStore },
    { provide: SessionStore, useClass: PrismaSessionStore },
    { provide: ClusterCredentialStore, useClass: PrismaClusterCredentialStore },
    { provide: JoinTokenStore, useClass: PrismaJoinTokenStore },
    { provide: FleetLock, useClass: PrismaFleetLock },
    { provide: Hearing, useClass: PrismaHearing },
    AgentAuthenticator,
    AgentResolver,
    ClusterCommands,
    ClusterCredentials,
    ClusterDeletionCommands,
    ClusterEvents,
    ClusterFeed,
    ClusterProcessor,
    ClusterQueries,
    ClusterResolver,
    ClusterSockets,
    ConnectionAnnouncements,
    EnrolmentCommands,
    Enrolments,
    FleetChanges,
    JoinTokenCommands,
    JoinTokenQueries,
    JoinTokenResolver,
    LastSeen,
    RenewalCommands,
    SessionCommands,
  ],
  exports: [ClusterQueries, FleetLock, Hearing],
})
export class ClustersModule implements OnModuleInit {
  constructor(
    private readonly authenticators: Authenticators,
    private readonly authenticator: AgentAuthenticator,
  ) {}

  onModuleInit(): void {
    this.authenticators.register(this.authenticator);
  }
}
