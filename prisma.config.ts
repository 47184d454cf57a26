import { defineConfig } from 'prisma/config';

// The database's address is given at run time (src/platform/config); the CLI only generates and formats here.
export default defineConfig({ schema: 'prisma/schema.prisma', migrations: { path: 'prisma/migrations' } });
