// Operations that authenticate by what they are given: a join token, a signature.
import type { CustomDecorator } from '@nestjs/common';
import { AllowedCallers } from './allowed-callers.decorator.ts';

/** Anybody may call it, without a token. */
export function Public(): CustomDecorator {
  return AllowedCallers({ callers: 'public' });
}
