{{/* What the agent may do where it works, by mode. */}}
{{- define "fairlead-agent.rules" -}}
{{- if eq .Values.rbac.mode "impersonation" -}}
# It sees everything, and writes nothing but as the ServiceAccount that an application names.
- apiGroups: ['*']
  resources: ['*']
  verbs: [get, list, watch]
- apiGroups: ['']
  resources: [serviceaccounts]
  verbs: [impersonate]
{{- else -}}
# Who applies whatever Git says needs the right to do anything: an RBAC role in Git, for one, can be applied only by who
# holds all that it grants.
- apiGroups: ['*']
  resources: ['*']
  verbs: ['*']
{{- end -}}
{{- end -}}
