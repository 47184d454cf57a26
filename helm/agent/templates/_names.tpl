{{/* What everything is called: the release, so that two releases in one namespace do not share anything. */}}
{{- define "fairlead-agent.name" -}}
{{- .Values.fullnameOverride | default .Release.Name | trunc 53 | trimSuffix "-" -}}
{{- end -}}

{{- define "fairlead-agent.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (include "fairlead-agent.name" .) -}}
{{- end -}}

{{- define "fairlead-agent.selector" -}}
app.kubernetes.io/name: fairlead-agent
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "fairlead-agent.labels" -}}
{{ include "fairlead-agent.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{/* Never `fairlead-agent`: that Secret is the agent's own memory, which no chart may touch. */}}
{{- define "fairlead-agent.joinSecret" -}}
{{- .Values.join.existingSecret | default (printf "%s-join" (include "fairlead-agent.name" .)) -}}
{{- end -}}

{{- define "fairlead-agent.caConfigMap" -}}
{{- if .Values.hub.ca.certificates -}}
{{ include "fairlead-agent.name" . }}-hub-ca
{{- else -}}
{{ .Values.hub.ca.existingConfigMap }}
{{- end -}}
{{- end -}}

{{- define "fairlead-agent.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- define "fairlead-agent.subject" -}}
- kind: ServiceAccount
  name: {{ include "fairlead-agent.serviceAccount" . }}
  namespace: {{ .Release.Namespace }}
{{- end -}}
