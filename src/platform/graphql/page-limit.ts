// Every `first` of every list keeps to the page limit, whoever wrote the resolver; null is the default.
import { defaultFieldResolver, isObjectType, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { AppError } from '../errors.ts';
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from './connection.ts';

/** Wraps, in place, each field that takes `first`. */
export function limitPages(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      if (field.args.some((argument) => argument.name === 'first'))
        field.resolve = limited(field.resolve ?? defaultFieldResolver);
    }
  }
  return schema;
}

function limited<Source, Context>(
  resolve: GraphQLFieldResolver<Source, Context>,
): GraphQLFieldResolver<Source, Context> {
  return (source, args: Record<string, unknown>, context, info) => {
    const first = args['first'] ?? DEFAULT_PAGE_SIZE;
    if (typeof first === 'number' && (first < 1 || first > MAX_PAGE_SIZE)) {
      throw new AppError(
        'LIMIT_EXCEEDED',
        `${info.fieldName}: \`first\` is ${first}, and a page has 1 to ${MAX_PAGE_SIZE}; take more with \`after\`.`,
      );
    }
    return resolve(source, { ...args, first }, context, info);
  };
}
