import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Page } from "./pages";

/** A list that is read page by page; what was read stays while it is read again. */
export function usePages<Row>(
  key: readonly unknown[],
  read: (cursor: string | undefined) => Promise<Page<Row>>,
  every?: () => number | false,
) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: Page<Row>) => last.next_cursor ?? undefined,
    refetchInterval: every ?? false,
  });
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  return { ...query, rows };
}
