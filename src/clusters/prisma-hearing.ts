// Two times in the hub's one row, by the database's clock, which all processes share.
import { Injectable } from '@nestjs/common';
import { Config } from '../platform/config/config.ts';
import { Database, type Transaction } from '../platform/database/database.ts';
import { Hearing, hearingGapMs } from './hearing-port.ts';

@Injectable()
export class PrismaHearing extends Hearing {
  constructor(
    private readonly database: Database,
    private readonly config: Config,
  ) {
    super();
  }

  override async note(): Promise<void> {
    await this.database.sql(
      `update hub set heard_at = now(),
         hearing_since = case when heard_at >= now() - $1 * interval '1 ms' then hearing_since else now() end
       where id = 1`,
      [hearingGapMs(this.config)],
    );
  }

  override async deafUntil({ sql }: Transaction): Promise<Date | null> {
    const [row] = await sql<{ until: Date }>(
      `select until
         from hub, lateral (select case when heard_at >= now() - $1 * interval '1 ms' then hearing_since
                                        else now() end + $2 * interval '1 ms' as until) deaf
        where id = 1 and until > now()`,
      [hearingGapMs(this.config), this.config.staleAfterMs],
    );
    return row?.until ?? null;
  }
}
