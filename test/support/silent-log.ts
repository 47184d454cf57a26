// A log for tests that provoke trouble on purpose; FAIRLEAD_LOG_LEVEL lets it speak.
import { PinoLog } from '../../src/platform/logging/pino-log.ts';

export const silentLog = new PinoLog(process.env['FAIRLEAD_LOG_LEVEL'] ?? 'silent');
