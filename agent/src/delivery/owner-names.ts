// From a tracking id to words for a person.
import type { InstanceName } from './inventory-store.ts';

/** Names of the instances that this agent knows, from assignments and from stored inventories. */
export class OwnerNames {
  readonly #names = new Map<string, InstanceName>();

  learn(instance: string, name: InstanceName): void {
    this.#names.set(instance, { application: name.application, environment: name.environment });
  }

  /** `application shop in environment prod`, or that this hub does not know the instance. */
  nameOf(instance: string): string {
    const name = this.#names.get(instance);
    if (!name || name.application === '') return `instance ${instance}, which this hub does not know`;
    return `application ${name.application} in environment ${name.environment}`;
  }
}
