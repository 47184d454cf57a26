// What a person gives to save a repository.
import { Field, InputType } from '@nestjs/graphql';

@InputType({ description: 'A repository with its whole credential: what is left out is forgotten.' })
export class RepositoryInput {
  @Field(() => String, { description: 'Its address, without a password.' })
  url!: string;

  @Field(() => String, { nullable: true, description: 'For http(s); left out beside a password: git.' })
  username?: string | null;

  @Field(() => String, { nullable: true, description: 'A password or token, for http(s). Write-only.' })
  password?: string | null;

  @Field(() => String, { nullable: true, description: 'For ssh, without a passphrase. Write-only.' })
  sshPrivateKey?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Lines as in known_hosts; left out: what the machine of the hub knows.',
  })
  knownHosts?: string | null;

  @Field(() => String, { nullable: true, description: 'PEM, for https with an authority of your own.' })
  caCertificate?: string | null;
}
