//go:build tools

// Pins the kustomize that renders overlays where the machine has none of its own. No code of ours is here: scripts/build-tools.mjs builds these commands as they are.
package tools

import (
	_ "sigs.k8s.io/kustomize/kustomize/v5"
)
