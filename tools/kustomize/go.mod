module fairlead.dev/tools/kustomize

go 1.26.8
