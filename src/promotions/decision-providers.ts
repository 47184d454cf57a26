// What people decide, for the module: gates, freezes, holds, approvals, and the requests that make promotions.
import { ApprovalCommands } from './decisions/approval-commands.ts';
import { CancelCommands } from './decisions/cancel-commands.ts';
import { DecisionStore } from './decisions/decision-store.ts';
import { Decisions } from './decisions/decisions.ts';
import { HoldCommands } from './decisions/hold-commands.ts';
import { HoldStore } from './decisions/hold-store.ts';
import { PauseCommands } from './decisions/pause-commands.ts';
import { PrismaDecisionStore } from './decisions/prisma-decision-store.ts';
import { PrismaHoldStore } from './decisions/prisma-hold-store.ts';
import { FreezeCommands } from './freezes/freeze-commands.ts';
import { FreezeStore } from './freezes/freeze-store.ts';
import { PrismaFreezeStore } from './freezes/prisma-freeze-store.ts';
import { DecisionResolver } from './graphql/decision.resolver.ts';
import { FreezeResolver } from './graphql/freeze.resolver.ts';
import { GateFieldsResolver } from './graphql/gate-fields.resolver.ts';
import { HoldResolver } from './graphql/hold.resolver.ts';
import { PromotionCommands } from './promotion-commands.ts';
import { PromotionGates } from './promotion-gates.ts';
import { PromotionMaker } from './promotion-maker.ts';
import { RollbackCommands } from './rollback-commands.ts';
import { SlotLookup } from './slot-lookup.ts';
import { SlotReturn } from './slot-return.ts';

export const decisionProviders = [
  { provide: DecisionStore, useClass: PrismaDecisionStore },
  { provide: FreezeStore, useClass: PrismaFreezeStore },
  { provide: HoldStore, useClass: PrismaHoldStore },
  ApprovalCommands,
  CancelCommands,
  DecisionResolver,
  Decisions,
  FreezeCommands,
  FreezeResolver,
  GateFieldsResolver,
  HoldCommands,
  HoldResolver,
  PauseCommands,
  PromotionCommands,
  PromotionGates,
  PromotionMaker,
  RollbackCommands,
  SlotLookup,
  SlotReturn,
];
