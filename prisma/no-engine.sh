#!/bin/sh
echo "fairlead: the schema engine binary is not used; see scripts/migration.mjs" >&2
exit 1
