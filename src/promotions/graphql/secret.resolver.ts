// The one mutation of named secrets.
import { Args, Mutation, Resolver } from '@nestjs/graphql';
import type { UserPrincipal } from '../../access/domain/caller.ts';
import { CurrentUser } from '../../access/graphql/current-user.decorator.ts';
import { Requires } from '../../access/graphql/requires.decorator.ts';
import { payloadOf, type Payload } from '../../platform/graphql/payload.ts';
import { HubSecretCommands } from '../checks/hub-secret-commands.ts';
import { SecretType } from './secret.type.ts';

const SaveSecretPayload = payloadOf('SaveSecretPayload', 'secret', SecretType);
type SaveSecretPayload = Payload<{ secret: typeof SecretType }>;

@Resolver(() => SecretType)
export class SecretResolver {
  constructor(private readonly commands: HubSecretCommands) {}

  @Requires('ADMIN')
  @Mutation(() => SaveSecretPayload, {
    description: 'Saves a named secret, encrypted and write-only; webhook gates sign with it.',
  })
  async saveSecret(
    @Args('name', { type: () => String, description: 'As policies name it.' }) name: string,
    @Args('value', { type: () => String, description: 'At least 16 characters; nobody reads it back.' })
    value: string,
    @CurrentUser() caller: UserPrincipal,
  ): Promise<SaveSecretPayload> {
    return { secret: await this.commands.save(name, value, caller) };
  }
}
