//go:build tools

// Pins the Kubernetes control plane that the tests and `npm run demo -- --kube` run. No code of ours is here: scripts/build-tools.mjs builds these commands as they are.
package tools

import (
	_ "k8s.io/kubernetes/cmd/kube-apiserver"
	_ "k8s.io/kubernetes/cmd/kube-controller-manager"
	_ "k8s.io/kubernetes/cmd/kube-scheduler"
)
