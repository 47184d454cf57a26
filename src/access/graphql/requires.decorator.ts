// People's operations: the role that is needed.
import type { CustomDecorator } from '@nestjs/common';
import type { Role } from '../domain/caller.ts';
import { AllowedCallers } from './allowed-callers.decorator.ts';

/** `@Requires('OPERATOR')`: people with that role or a higher one. */
export function Requires(role: Role): CustomDecorator {
  return AllowedCallers({ callers: 'people', role });
}
