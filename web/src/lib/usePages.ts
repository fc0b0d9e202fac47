import { infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Page } from "./pages";

type Read<Row> = (cursor: string | undefined) => Promise<Page<Row>>;

/** A list as the query client reads it, page by page. */
export function pagesOf<Row>(key: readonly unknown[], read: Read<Row>) {
  return infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: Page<Row>) => last.next_cursor ?? undefined,
  });
}

/** A list that is read page by page; what was read stays while it is read again. */
export function usePages<Row>(key: readonly unknown[], read: Read<Row>, every?: () => number | false) {
  const query = useInfiniteQuery({ ...pagesOf(key, read), refetchInterval: every ?? false });
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  return { ...query, rows };
}
