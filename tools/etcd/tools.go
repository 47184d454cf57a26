//go:build tools

// Pins the etcd under the control planes of the tests. No code of ours is here: scripts/build-tools.mjs builds these commands as they are.
package tools

import (
	_ "go.etcd.io/etcd/server/v3"
)
