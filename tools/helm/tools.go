//go:build tools

// Pins the helm that renders charts where the machine has none of its own. No code of ours is here: scripts/build-tools.mjs builds these commands as they are.
package tools

import (
	_ "helm.sh/helm/v4/cmd/helm"
)
