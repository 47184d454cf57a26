{{/* The agent's settings. */}}
{{- define "fairlead-agent.environment" -}}
- name: FAIRLEAD_HUB_URL
  value: {{ .Values.hub.url | quote }}
{{- if .Values.hub.insecure }}
- name: FAIRLEAD_INSECURE
  value: 'true'
{{- end }}
{{- if include "fairlead-agent.caConfigMap" . }}
- name: FAIRLEAD_HUB_CA
  value: /etc/fairlead/hub-ca/{{ .Values.hub.ca.key }}
{{- end }}
# Optional: once the cluster has joined its own key says who it is, and the token may go.
- name: FAIRLEAD_JOIN_TOKEN
  valueFrom:
    secretKeyRef:
      name: {{ include "fairlead-agent.joinSecret" . }}
      key: {{ .Values.join.existingSecretKey }}
      optional: true
{{- with .Values.clusterName }}
- name: FAIRLEAD_CLUSTER_NAME
  value: {{ . | quote }}
{{- end }}
- name: FAIRLEAD_NAMESPACE
  valueFrom:
    fieldRef:
      fieldPath: metadata.namespace
{{- with .Values.rbac.namespaces }}
- name: FAIRLEAD_NAMESPACES
  value: {{ join "," . | quote }}
{{- end }}
{{- if .Values.checks.enabled }}
- name: FAIRLEAD_CHECK_NAMESPACE
  value: {{ .Values.checks.namespace | quote }}
- name: FAIRLEAD_CHECK_SERVICE_ACCOUNT
  value: {{ .Values.checks.serviceAccountName | quote }}
{{- end }}
- name: FAIRLEAD_BUNDLE_DIR
  value: /var/lib/fairlead/bundles
- name: FAIRLEAD_AGENT_PORT
  value: '8081'
- name: FAIRLEAD_LOG_LEVEL
  value: {{ .Values.logLevel }}
# In front, and always: a proxy that the pod got in some other way must not stand between it and its own API server.
- name: NO_PROXY
  value: {{ printf "$(KUBERNETES_SERVICE_HOST)%s" (ternary "" (printf ",%s" .Values.proxy.noProxy) (empty .Values.proxy.noProxy)) | quote }}
{{- with .Values.proxy.https }}
- name: HTTPS_PROXY
  value: {{ . | quote }}
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}
