//go:build tools

// Pins kwok, which stands in for nodes and kubelets on the control planes of the tests. No code of ours is here: scripts/build-tools.mjs builds these commands as they are.
package tools

import (
	_ "sigs.k8s.io/kwok/cmd/kwok"
)
